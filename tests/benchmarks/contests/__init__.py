"""The whole job and validation against other tools, each in an environment of its own."""
