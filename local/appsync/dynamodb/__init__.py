"""The AMAZON_DYNAMODB data source: a resolver's request object becomes one DynamoDB call.

Source of what is done with requests, results and failures: AWS AppSync Developer Guide, "AWS AppSync JavaScript
resolver function reference for DynamoDB".
"""

from local.appsync.dynamodb.source import DynamoDB

__all__ = ["DynamoDB"]
