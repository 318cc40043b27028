"""What to ask and how to read it: bytes from outside become observations, or a miss that says why not."""
