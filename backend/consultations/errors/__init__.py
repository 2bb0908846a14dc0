"""The refusals of this feature, one class each; the sentences are in the message catalogue."""
