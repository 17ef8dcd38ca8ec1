"""Get pages politely: canonical keys, robots.txt, pace, limits, and one stable code for each way to fail."""
