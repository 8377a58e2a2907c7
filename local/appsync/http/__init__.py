"""The HTTP data source, as far as it asks Amazon SQS and CloudWatch Logs with requests that AppSync signs.

AWS: a source of type HTTP sends what a resolver's request object says to its endpoint, and hands over the answer
whatever its status; with `awsIamConfig` the request is signed (Signature Version 4) as the source's service role, for
the service and region named there (AWS AppSync Developer Guide, "AWS AppSync JavaScript resolver function reference for
HTTP"; API reference of HttpDataSourceConfig). Here the local cloud takes the place of `sqs.<region>.amazonaws.com` and
`logs.<region>.amazonaws.com`.
"""
