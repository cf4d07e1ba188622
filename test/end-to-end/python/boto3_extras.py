"""What boto3 builds on top of the API's operations, as one line of JSON."""

import json

import boto3

client = boto3.client('secretsmanager', region_name='us-east-1')
pages = client.get_paginator('list_secrets').paginate(PaginationConfig={'PageSize': 2})
names = [[secret['Name'] for secret in page['SecretList']] for page in pages]
try:
    client.get_secret_value(SecretId='none')
except client.exceptions.ResourceNotFoundException as error:
    caught = error.response['Error']['Message']

print(json.dumps({'pages': names, 'waiters': client.waiter_names, 'caught': caught}))
