"""What is stored: readers, metadata, sentences, passages, encoder, vectors, full text, the store and its sync."""
