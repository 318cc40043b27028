"""Keys of the form that OpenAI gives, which nobody has."""

KEY = "sk-test-Zk3Qw9Rt7Lm2Xc5Vb8Np"
OTHER_KEY = "sk-test-Yh6Gf4Ds1Jk0Pq7Wz2Uo"
