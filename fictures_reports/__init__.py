"""What did our tests do, compared with last time, and why?"""
