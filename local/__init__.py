"""The whole product on a laptop: an emulator of AWS, the same CDK app, a GitHub stand-in, and a seeded org."""
