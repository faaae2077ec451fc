"""What is looked at while a network trains in a loop of somebody's own: hooks that note facts and change nothing."""
