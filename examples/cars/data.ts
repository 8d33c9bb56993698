import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Tensor, tensor } from '@adjoint/autograd'
import { DataFileError } from '../data/idx.js'

/** A car of the years 1970 to 1982, and how far it goes with a gallon. */
export interface Car {
  readonly name: string
  /** Who made it; 'other' where there are few of theirs. */
  readonly maker: string
  readonly origin: (typeof origins)[number]
  /** In the order of `measures`. */
  readonly numbers: readonly number[]
  readonly milesPerGallon: number
}

export const measures = ['cylinders', 'cubic inches', 'horsepower', 'pounds', 'seconds to 60 mph', 'year'] as const
export const origins = ['USA', 'Europe', 'Japan'] as const

/** As they stand in the file, of the StatLib archive by way of vega-datasets. */
interface Row {
  readonly Name: string
  readonly Miles_per_Gallon: number | null
  readonly Cylinders: number
  readonly Displacement: number
  readonly Horsepower: number | null
  readonly Weight_in_lbs: number
  readonly Acceleration: number
  readonly Year: string
  readonly Origin: (typeof origins)[number]
}

/** What is misspelt, short for, or a model of. */
const makers: Readonly<Record<string, string>> = {
  chevy: 'chevrolet',
  chevroelt: 'chevrolet',
  toyouta: 'toyota',
  maxda: 'mazda',
  vw: 'volkswagen',
  vokswagen: 'volkswagen',
  mercedes: 'mercedes-benz',
  capri: 'ford',
}

const fewest = 6

/** The cars of which all is known. @throws DataFileError if the file is not there */
export const loadCars = (): Car[] => {
  const rows = readRows().filter((row) => row.Miles_per_Gallon !== null && row.Horsepower !== null)
  const makerOf = ({ Name }: Row) => {
    const word = Name.split(' ')[0]!
    return makers[word] ?? word
  }
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(makerOf(row), (counts.get(makerOf(row)) ?? 0) + 1)
  return rows.map((row) => ({
    name: row.Name,
    maker: counts.get(makerOf(row))! < fewest ? 'other' : makerOf(row),
    origin: row.Origin,
    numbers: [
      row.Cylinders,
      row.Displacement,
      row.Horsepower!,
      row.Weight_in_lbs,
      row.Acceleration,
      Number(row.Year.slice(0, 4)),
    ],
    milesPerGallon: row.Miles_per_Gallon!,
  }))
}

const require = createRequire(import.meta.url)

const readRows = (): Row[] => {
  try {
    const main = require.resolve('vega-datasets')
    return JSON.parse(readFileSync(join(dirname(main), '../data/cars.json'), 'utf8')) as Row[]
  } catch {
    throw new DataFileError('vega-datasets', 'the package is not installed', 'Install it: npx -y pnpm@10 install')
  }
}

/** Cars as numbers, [n, 10]: the measures, a 1 for where it is from, and the number of its maker. */
export const tableOf = (cars: readonly Car[], makers: readonly string[]): Tensor<[number, number]> =>
  tensor(
    cars.map(({ numbers, origin, maker }) => [
      ...numbers,
      ...origins.map((name) => (name === origin ? 1 : 0)),
      makers.indexOf(maker),
    ]),
  ) as Tensor<[number, number]>

export const milesOf = (cars: readonly Car[]): Tensor<[number]> => tensor(cars.map((car) => car.milesPerGallon))
