"""A made-up organisation, what it changes and what breaks: incidents of which the cause is known. Seeded and pure.

Nothing here is fitted to the ranking of suspects, nor the ranking to this: how often a change is the cause, how long it
takes to bite, who notices and what else happens meanwhile are set by hand, from what post-mortems commonly tell
(about 70 % of outages follow a change: Beyer et al., Site Reliability Engineering, 2016).
"""
