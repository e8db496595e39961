"""What becomes of a charter's words: cleaned, written one way, compared, hashed, printed and sealed. No query here."""
