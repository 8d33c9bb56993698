export { program } from './moons.js'
