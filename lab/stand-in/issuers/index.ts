export { AcmeApi, type AcmeApiOptions } from './acme';
export { Auth0Api, type Auth0Client } from './auth0';
export { CloudflareApi } from './cloudflare';
export { EntraApi, type EntraApp, type EntraCredential } from './entra';
export { GitLabApi } from './gitlab';
export { OktaApi, type OktaApp } from './okta';
export { OpenAiApi } from './openai';
export { SendGridApi } from './sendgrid';
