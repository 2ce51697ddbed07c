"""Given names and product names: whether a capitalised word is likely to be somebody."""

from postmortems.language.lexicon import words

PRODUCTS = words(
    """
    jenkins travis circleci github gitlab bitbucket argo argocd spinnaker flux terraform ansible puppet chef
    salt kafka postgres postgresql mysql mariadb redis mongodb mongo cassandra elasticsearch elastic kibana
    logstash opensearch rabbitmq celery kubernetes docker nomad consul vault etcd istio envoy nginx haproxy
    varnish fastly cloudflare akamai aws amazon ec2 s3 rds gcp google azure microsoft oracle heroku vercel
    netlify datadog grafana prometheus alertmanager loki tempo jaeger sentry pagerduty opsgenie slack teams zoom
    jira confluence okta auth0 stripe twilio sendgrid linux windows debian ubuntu macos android ios java python
    ruby rust go node php django flask rails react angular kubelet helm strimzi ceph minio clickhouse snowflake
    databricks spark flink airflow hadoop hive presto trino superset metabase telegraf influxdb memcached
    cockroachdb vitess zookeeper bazel gradle maven npm pip cargo homebrew selenium playwright apache tomcat
    jetty athena aurora apollo hermes atlas phoenix claude alexa siri copilot gemini jasper victoria dynamodb
    lambda route53 dyn akka ray bind unbound cilium calico cloudfront linode digitalocean hetzner fly render
    supabase neon comcast verizon telia chrome firefox safari nagios hudson zabbix icinga splunk sumo newrelic
    dynatrace honeycomb chaos gremlin jupyter julia
    """
)
GIVEN_NAMES = words(
    """
    aaron abdul abdullah abigail ada adam adrian agnes ahmed aisha akira alan albert alejandro alessandro alex
    alexander alexandra alexei alfred ali alice alicia alina allison amanda amara amber amelia amina amir amit
    amy ana anand anastasia anders andre andrea andreas andrei andrew andy angela anil anita anja ankit ann anna
    anne anneke annika anthony antonio anton anya aoife ariel arjun arne arnold arthur arun asha ashley astrid
    ayesha barbara beatrice ben benjamin bernard beth bhavna bianca bjorn bo bob bogdan boris brandon brenda
    brian bridget bruno caitlin carl carla carlos carmen carol caroline catherine cecilia charles charlie
    charlotte chen cheng chiara chidi chloe chris christian christina christine christopher claire clara claudia
    colin connor craig cy cynthia dan dana daniel daniela danielle dario darren dave david dawn deborah deepa
    deepak denis dennis derek di diana diego dieter dimitri dinesh divya dmitri dmitry dominic donald dora doris
    dorothy douglas duncan dylan eddie edgar edith eduardo edward eileen elena eli elias elif elijah elisa
    elizabeth ella ellen elliot emily emil emilia emma emmanuel enrique eric erica erik erin ernest esra esther
    ethan eugene eva evan eve evelyn fabian farah fatima federico felix fernando fiona florian frances francesca
    francesco francis francisco frank frida fred freya gabriel gareth gary gavin geoff george georgia gerald
    giulia giovanni gita gloria gordon greg gregory guillaume gunther gustav hana hannah hans harold harriet
    harry harsh hassan heather heidi helen helena henrik henry hiroshi holly hugo ian ibrahim igor ilya imran
    ingrid irene irina isaac isabel isabella ivan ivana jack jackie jacob jacqueline jakob jake james jamie jan
    jana jane janet jason jay jean jeff jeffrey jennifer jenny jeremy jerome jessica jill jim jin jing joan
    joana joao joe joel johan johanna john johannes jonas jonathan jordan jorge jose joseph josh joshua joyce
    juan judith judy julian julie jun jung justin kai karen karim karin karl karthik kate katherine kathleen
    kathryn katie katja kavya keith kelly ken kenneth kenji kevin khalid kim kiran klaus kofi krishna kristen
    kristin kumar kurt kyle lars laura lauren laurent lea leah leila lena leo leon leonard lewis li liam lina
    linda lisa liu lorenzo louis louise luca lucas lucia lucy luis luisa lukas luke lynn magnus mahmoud malcolm
    manuel marc marcel marco marcus margaret maria mariam marie marina mario marion mark markus marta martha
    martin martina mary mateo mathias matt matteo matthew maureen max maya megan mehmet mei melissa mia michael
    michel michelle miguel mike mikhail milan mina ming miriam mitchell mohamed mohammed mohan monica monika
    morgan muhammad mustafa nadia nadine nancy naomi natalia natalie natasha nathan neha neil nicholas nick
    nicola nicolas nicole nigel nikita nikhil nikolai nina nisha noah noor nora norman olaf olga oliver olivia
    omar oscar osman otto pablo pamela paolo pascal pat patricia patrick paul paula pavel pedro peggy penny
    peter petra philip philippe pierre piotr pooja prakash pranav priya quentin rachel rafael rahul raj rajesh
    ralph ramesh ravi raymond rebecca renata rene ricardo richard rick rita rob robert roberto robin rodrigo
    roger rohan roland roman ron ronald rosa rosie ross roy ruth ryan sabine sabrina sally sam samantha samir
    samuel sandra sandeep sanjay santiago sara sarah sasha satoshi scott sean sebastian sergei sergio seth
    shanti sharon shaun sheila shirley shreya silvia simon simone sofia sonia sonja sophia sophie stan stefan
    stefanie stella stephanie stephen steve steven stuart sue sunil suresh susan susanne sven svetlana sylvia
    tanja tanya tara tatiana ted teresa thea theo theresa thomas tim timothy tina tobias todd tom tomas tomasz
    tony tracy trent ulrich uma ursula valentina valerie vanessa vera veronica vijay vikram viktor vincent vinod
    virginia vivek vladimir walter wang wanda wei wendy werner wilhelm william wolfgang xavier xin yan yang
    yasmin yasuo ying yolanda yuki yuri yusuf yves yvonne zach zachary zahra zara zeynep zhang zoe
    """
)
