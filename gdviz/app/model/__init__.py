"""The state of the window: the experiment, its trajectories, the cursor, and the threads that compute."""
