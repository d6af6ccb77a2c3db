// Has Mermaid parse the diagrams in Markdown files.
import { readFileSync } from 'node:fs'
import { JSDOM } from 'jsdom'

const { window } = new JSDOM('')
Object.assign(globalThis, { window, document: window.document })
const { default: mermaid } = await import('mermaid')

let failed = false
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8')
  const diagrams = [...text.matchAll(/^(`{3,})mermaid\n([^]*?)^\1$/gm)]
  if (diagrams.length === 0) {
    console.error(`${file}: no diagram`)
    failed = true
  }
  for (const [, , diagram] of diagrams) {
    try {
      const { diagramType } = await mermaid.parse(diagram)
      console.log(`${file}: ${diagramType}`)
    } catch (e) {
      console.error(`${file}: ${e.message}`)
      failed = true
    }
  }
}
process.exit(failed ? 1 : 0)
