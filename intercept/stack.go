package intercept

// deepStack is about how much stack a tap takes that decodes and records, in bytes.
const deepStack = 12 << 10

// deepen gives the goroutine as much stack at once as a tap takes. A new goroutine has few
// KiB; each time that it needs more, all that is on its stack is moved to another that is
// twice as large, which costs more than to decode what comes on a short connection.
func deepen() { _ = deep(0) }

// deep has a large frame, which it leaves alone if n is 0.
//
//go:noinline
func deep(n int) (sum byte) {
	if n == 0 {
		return 0
	}
	var frame [deepStack]byte
	for i := range n {
		frame[i%deepStack]++
		sum |= frame[i%deepStack]
	}
	return sum
}
