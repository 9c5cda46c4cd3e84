"""What is asked: understanding a question, finding and judging passages, proving them against their files."""
