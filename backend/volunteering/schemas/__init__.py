"""What goes in and comes out of volunteering over HTTP."""
