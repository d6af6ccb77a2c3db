//go:build race && linux

package intercept

// raceDetector says that the race detector is at work. It learns from the writes that it
// sees that what comes before one is before what the reader does then.
const raceDetector = true
