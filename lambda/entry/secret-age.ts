import { secretAgeHandler } from '../hygiene/secret-age-handler';

/** Reminds of secrets whose value is put in by hand. */
export const handler = secretAgeHandler();
