// The published packages carry no `source` condition: their sources stay in this repository.
module.exports = {
  hooks: {
    beforePacking(manifest) {
      for (const entry of Object.values(manifest.exports)) delete entry.source
      return manifest
    },
  },
}
