"""Issue trackers of others: GitHub, GitLab, Jira. Read by poll and by webhook, and given a link back."""
