"""The command line: one file a command. Each says its options, calls the room that does the work,
and prints. What is heavy is imported on the first use, so that `dateline --help` stays fast.
"""
