"""A local stand-in for AWS AppSync's GraphQL execution.

MiniStack keeps the API, schema, data sources and resolvers that a deployment created; this process reads them through
the public AppSync API and serves them as AppSync documents it: authorization, APPSYNC_JS resolvers, DynamoDB, and
signed requests to Amazon SQS. What it does not do, it refuses when the definition is loaded, naming the resolver or
setting.

`python -m local.appsync --port 4600 --cloud http://127.0.0.1:4566`
"""
