"""Words by the part they play in a sentence about operations work."""


def words(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


PEOPLE = words(
    """
    engineer engineers operator operators developer developers dev devs admin admins administrator
    administrators sysadmin sysadmins sre sres dba dbas responder responders on-call oncall team teams squad
    crew crews staff employee employees contractor contractors technician technicians intern interns colleague
    colleagues teammate teammates coworker coworkers co-worker co-workers commander reviewer reviewers approver
    approvers author authors maintainer maintainers committer committers programmer programmers coder coders
    tester testers analyst analysts architect architects consultant consultants supervisor supervisors manager
    managers director directors leadership management boss person people individual individuals human humans
    someone somebody anyone anybody everyone everybody pilot pilots
    facilitator ops qa devops newcomer newcomers hire hires lead leads electrician electricians dispatcher
    dispatchers engineering guy guys owner owners specialist specialists member members agent agents department
    subcontractor subcontractors officer officers captain captains nurse nurses physician physicians expert
    experts myself ourselves co-pilot co-pilots copilots crewmember crewmembers crewman crewmen conductor conductors
    driver drivers worker workers controller controllers mechanic mechanics inspector inspectors auditor auditors
    trader traders surgeon surgeons doctor doctors pharmacist pharmacists scientist scientists investigator
    investigators personnel designer designers student students volunteer volunteers executives foreman
    superintendent firefighter firefighters instructor instructors attendant attendants welder welders official
    officials leader leaders executive
"""
)
OUTSIDERS = words(
    """
    user users customer customers client clients subscriber subscribers visitor visitors tenant tenants those
    people consumer consumers player players merchant merchants
"""
)
PERSONAL_PRONOUNS = words("i we he she you who whoever")
POSSESSIVE_PRONOUNS = words("my our his her their your whose")
NOBODY = words("nobody no-one none neither")

# A head noun that is a person only in company: the words before it decide.
HUMAN_MODIFIERS = words("""
    support call-centre call-center service-desk helpdesk desk field team staff crew board shift lead duty plant
    on-call night day human security customer senior junior family responsible air tech technical squad train
    truck bus tram lorry construction hourly contract
""")
NEEDS_HUMAN_MODIFIER = words("""
    agent agents member members dispatcher dispatchers driver drivers worker workers controller controllers lead leads
    leader leaders
""")
AMBIGUOUS_PEOPLE = NEEDS_HUMAN_MODIFIER | words(
    """
    operator operators manager managers responder responders owner owners director directors supervisor
    supervisors hire hires author authors teams conductor conductors engineering
"""
)
THING_MODIFIERS = words("""
    kubernetes k8s etcd cert-manager sql logical boolean comparison ternary pipe package session secret secrets
    queue cluster resource connection certificate transaction task job window device config configuration volume
    cache memory lock node password ocsp dns http echo build database db user service-account bot state traffic
    custom backup crd helm file object process table schema record lease topic partition copper bare ground
    electrical neutral chaos reverse prompt systems controller alert alarm context dependency version access
    identity storage buffer boot download update tag workload log pod instance image shard refinery pipeline grid
    network transmission telecom mobile railway rail airport hosting
""")
MACHINE_VERBS = words(
    """
    reconcile sync resync watch schedule elect replicate mount bind provision boot initialise initialize list
    patch deserialize deserialise serialize serialise parse compile crash-loop spawn fork allocate authenticate
"""
)
QUANTIFIERS = words(
    """
    one two three four five both all most many some several none neither either each any few half part rest
    majority group number couple pair set handful member members
"""
)
MACHINE_NOUNS = words(
    """
    service server servers services api db ci cluster bot app system platform pipeline database cloud gateway
    proxy queue store cache search mail mesh dashboard console
"""
)

DETERMINERS = words("""
    a an the this these those each every some any no another our their his her my your its one two three four
    several both all many most few whose either neither
""")
PREPOSITIONS = words("""
    of in on at for from to with within by behind under over about into onto during across through against near
    between among around without towards toward via per inside outside upon off up aboard throughout beneath amid
""")
CLAUSE_OPENERS = words(
    """
    that when while whenever because if as although though since until till before after where whether once
    unless so than how why what whereas
"""
)
COORDINATORS = words("and but or then yet nor & -")
RELATIVES = words("who which that")
AUXILIARIES = words("""
    had has have having did does do would could may might must can will was were been be being is are am should
    didn't doesn't don't hadn't hasn't haven't wouldn't couldn't wasn't weren't isn't aren't won't can't cannot
    shouldn't mustn't should've could've would've ought
""")
TO_BE = words("was were been being be is are got gets wasn't weren't isn't aren't went goes")
LINKING = words("became becomes seemed felt looked remained grew")
HAVE = words("have had has having should've could've would've haven't hadn't hasn't")
ADVERBS = words(
    """
    also then still never not just even always again once already first ever often soon later now instead
    somehow all both either each too twice quickly only almost nearly perhaps maybe
"""
)
NOT_ADVERBS_IN_LY = words("family assembly supply reply anomaly july fly comply apply rely multiply imply")
IRREGULAR_PAST = words(
    """
    saw knew took went came made found left ran wrote read told said thought got gave kept began brought broke
    built chose fell felt heard held led lost put sent set shut spent stood understood became grew cut hit let
    drew threw drove rose woke won met meant dealt caught bought taught sat spoke forgot misread misunderstood
    mistook overrode did had was were is are slept paid
"""
)
IRREGULAR_PARTICIPLES = words(
    """
    seen known taken gone come made found left run written read told said thought got gotten given kept begun
    brought broken built chosen fallen felt heard held led lost put sent set shut spent stood understood become
    grown cut hit let drawn thrown driven risen woken won met meant dealt caught bought taught sat spoken
    forgotten done had been paid shown stepped hurt
"""
)
COGNITION = words("""
    noticed saw knew realised realized read heard found discovered thought believed observed said reported
    confirmed learned learnt assumed suspected concluded determined identified showed shows says explained
    understood recognised recognized
""")
PEOPLE_VERBS = words(
    """
    reads knows follows understands uses roll rolls deploy merge push restart silence ignore approve decide
    choose escalate ask notice skip wait proceed continue better respond think believe assume read follow know
    act start stop disable enable delete remove go
"""
)
TIME_NOUNS = words(
    "night day time week month morning evening afternoon weekend moment hour shift monday tuesday "
    "wednesday thursday friday saturday sunday"
)
NEGATIONS = words(
    """
    not never nobody no no-one none without avoid avoids avoiding rather instead isn't wasn't aren't weren't
    don't doesn't didn't cannot can't n't nor nothing hardly neither
"""
)
PUNCTUATION = frozenset(".!?…;:,()[]–—") | {"-", "--", "---"}
NOT_IN_A_PHRASE = (
    PREPOSITIONS
    | CLAUSE_OPENERS
    | COORDINATORS
    | RELATIVES
    | AUXILIARIES
    | ADVERBS - DETERMINERS
    | PUNCTUATION
    | IRREGULAR_PAST
    | PERSONAL_PRONOUNS
    | frozenset({"it", "they", "there", "us", "them", "him", "me"})
)
