"""What people were told: alert rows, and in the local cloud the messages that the SMS and push providers took."""
