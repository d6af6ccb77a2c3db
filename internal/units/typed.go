package units

import (
	"strconv"
	"strings"
)

// typed are the units of sizes that people type.
var typed = []struct {
	suffix string
	factor int64
}{{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}}

// maxTyped is the largest size that ParseSize takes: what adds a few does not overflow.
const maxTyped = 1 << 62

// ParseSize reads a number of bytes as people type it: 4096, 64k, 10MiB or 1G, with a factor of
// 1024. It reports whether text is one.
func ParseSize(text string) (n int64, ok bool) {
	text, factor := strings.ToLower(text), int64(1)
	text = strings.TrimSuffix(strings.TrimSuffix(text, "b"), "i")
	for _, u := range typed {
		if number, is := strings.CutSuffix(text, u.suffix); is {
			text, factor = number, u.factor
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > maxTyped/factor {
		return 0, false
	}
	return n * factor, true
}

// TypedSize returns a number of bytes as ParseSize reads it, in the largest unit in which it is whole.
func TypedSize(n int64) string {
	for i := len(typed) - 1; i >= 0; i-- {
		if u := typed[i]; n > 0 && n%u.factor == 0 {
			return strconv.FormatInt(n/u.factor, 10) + u.suffix
		}
	}
	return strconv.FormatInt(n, 10)
}
