"""What the program costs, beside what it stands on and beside other ways to a tray icon: `python -m tools.bench`."""
