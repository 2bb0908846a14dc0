"""The HTTP foundation every feature's routes stand on."""
