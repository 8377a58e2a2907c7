"""What lies in the failure queues and why, and the way back for each kind of it."""
