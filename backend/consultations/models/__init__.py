"""Tables of meetings and of written questions. Migrations add the constraints."""
