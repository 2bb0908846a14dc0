"""What a request costs: the product beside a bare server that does the same work by hand."""
