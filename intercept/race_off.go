//go:build !race && linux

package intercept

// raceDetector is explained in race_on.go.
const raceDetector = false
