"""What an editor is told of a show that is being written: pure functions over its text and what is known of it."""
