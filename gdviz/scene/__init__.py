"""What is on the screen, as data: session, frame, plane, paths and terrain."""
