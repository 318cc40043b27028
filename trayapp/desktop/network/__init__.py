"""The network as the operating system sees it: whether it leads to the internet, and which one it is."""
