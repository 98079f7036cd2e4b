"""The deployment: one CDK app that AWS and the laptop's emulator both accept."""
