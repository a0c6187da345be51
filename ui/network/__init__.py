"""What stands between a network and the program: who may ask, how much, under which name, and what is served at all."""
