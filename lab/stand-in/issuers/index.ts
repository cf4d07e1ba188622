export { AcmeApi, type AcmeApiOptions } from './acme';
export { CloudflareApi } from './cloudflare';
export { OktaApi, type OktaApp } from './okta';
export { SendGridApi } from './sendgrid';
