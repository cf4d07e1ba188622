import json

import boto3

session = boto3.session.Session()
client = session.client(service_name='secretsmanager', region_name='us-east-1')
response = client.get_secret_value(SecretId='my-twitter-api-key')
api_key = json.loads(response['SecretString'])['TwitterAPIKey']

print(api_key)
