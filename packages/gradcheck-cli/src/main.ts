#!/usr/bin/env node
import process from 'node:process'
import { main } from './cli.js'

const status = await main(process.argv.slice(2), process)
// what a file has left running does not hold up the end, once all is written
process.stdout.write('', () => process.exit(status))
