"""What whoever runs the program for others sees of it: probes, metrics, a line for each answer."""
