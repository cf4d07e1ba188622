export { Network, type Place } from './network';
export { obstaclesFrom } from './obstacles';
