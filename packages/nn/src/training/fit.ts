import { lengthOf } from '../data/epoch.js'
import { OptionError, requireCount } from '../errors.js'
import type { Metrics } from '../metrics/metric.js'
import { createEpochs } from './epochs.js'
import { type Model, measure } from './evaluate.js'
import { type FitOptions, takesFit } from './fit-options.js'
import { createPatience } from './patience.js'
import type { Position } from './position.js'
import { predictorOf } from './predict.js'
import type { EpochReport, History, Scores } from './reports.js'
import { createSaver, savedOf } from './saving.js'
import { createStep } from './train-step.js'

/**
 * Trains a model: for each batch the loss, its gradients and a step of the optimizer. It lets other work run now and
 * then, so that progress can draw.
 *
 * The model is in training mode during each step and in evaluation mode while validation computes, and in its own modes
 * whenever anything else runs, such as `onBatch`: what `train()` and `eval()` set there holds for your own calls of
 * `forward`. Training mode is what `model.train()` makes of the modules at the start of an epoch, also of one that is in
 * evaluation mode; a model that keeps a part of it there overrides `train`.
 *
 * With `save`, the whole state of the training is handed out as it goes on; with `resume`, training goes on from one of these, also
 * from the middle of an epoch, bit for bit as if it had not been interrupted.
 *
 * @throws TrainingError at a loss that is not finite (it names the first op that gave such a number; the parameters are those of
 *   the step before), and where data gave no batches; OptionError for an option outside its range; StateDictError for a state of
 *   another training
 * @example
 * const history = await fit(model, { data, loss: crossEntropy, optimizer, epochs: 5 })
 * history.loss   // one number an epoch
 */
export async function fit<M extends Metrics = Record<never, never>>(
  model: Model,
  options: FitOptions<M>,
): Promise<History<M>> {
  takesFit(arguments)
  const { data, loss, optimizer, epochs, validation, metrics, earlyStopping, onEpoch, progress, resume } = options
  requireCount('fit', 'epochs', epochs)
  requireMeasurable(options as FitOptions)
  const patience = earlyStopping && createPatience(model, earlyStopping)
  const lossName = loss.name || 'loss'
  const rows: EpochReport<M>[] = []
  let position: Position = { epoch: 0, batch: 0 }
  let stopped: History['stopped'] = 'epochs'

  const place = () => ` at epoch ${trainer.position.epoch}, batch ${trainer.position.batch}`
  const step = createStep('fit', model, loss, optimizer, options, place)
  const predict = predictorOf('fit', model, options.compile ?? true)
  const parts = {
    model,
    optimizer,
    data,
    ...(step.schedule && { schedule: step.schedule }),
    ...(options.average && { average: options.average }),
    ...(options.randoms && { randoms: options.randoms }),
  }
  const saver = createSaver(options, parts, (at) => ({
    ...at,
    rows: [...rows],
    ...(patience && { patience: patience.state() }),
  }))
  if (resume !== undefined) {
    const saved = savedOf(resume, parts, patience !== undefined)
    position = saved
    rows.push(...(saved.rows as EpochReport<M>[]))
    if (saved.patience !== undefined) patience?.resume(saved.patience)
  }
  const trainer = createEpochs(model, step, options as FitOptions, saver)
  const length = lengthOf(data)
  progress?.start(length === undefined ? undefined : length * epochs, 'training')
  try {
    if (patience?.wasOver()) stopped = 'patience'
    for (let epoch = position.epoch + 1; epoch <= epochs && stopped === 'epochs'; epoch++) {
      const trained = await trainer.run(epoch, epoch === position.epoch + 1 ? position : null)
      if (trained === null) {
        stopped = 'signal'
        break
      }
      const scores =
        validation &&
        ((await measure(
          model,
          predict.call,
          validation,
          { ...metrics, loss },
          { prepare: predict.prepare },
        )) as unknown as Scores<M>)
      const { learningRate } = optimizer.groups[0]!
      rows.push({ epoch, epochs, lossName, learningRate, ...trained, ...(scores && { validation: scores }) })
      if (step.schedule?.observes) step.schedule.observe(scores?.loss ?? trained.loss)
      await onEpoch?.(rows.at(-1)!)
      const isOver = patience?.isOver(scores?.loss ?? trained.loss) ?? false
      await saver.write({ epoch, batch: 0 })
      if (isOver) {
        stopped = 'patience'
        break
      }
    }
  } finally {
    step.release()
    predict.release()
    progress?.stop()
  }
  patience?.finish()
  const validations = rows.flatMap(({ validation: scores }) => (scores === undefined ? [] : [scores]))
  return { loss: rows.map((row) => row.loss), lossName, validation: validations, epochs: rows, stopped }
}

/** What is asked for must not be left out in silence. */
const requireMeasurable = ({ metrics = {}, validation }: FitOptions): void => {
  if (Object.hasOwn(metrics, 'loss')) {
    throw new OptionError('fit: a metric is called loss, as the loss itself is in reports; give it another name.')
  }
  if (validation === undefined && Object.keys(metrics).length > 0) {
    throw new OptionError(
      'fit: metrics are measured on validation data; give them as validation, or leave metrics out.',
    )
  }
}
