"""Pictures and animations, drawn by the same views as the window, out of sight."""
