package fault

import "strconv"

// sizes are the units of sizes, with a factor of 1024 as in all flags.
var sizes = []struct {
	suffix string
	factor int64
}{{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}}

// sizeText returns a size as parseSize reads it.
func sizeText(n int64) string {
	for i := len(sizes) - 1; i >= 0; i-- {
		if u := sizes[i]; n > 0 && n%u.factor == 0 {
			return strconv.FormatInt(n/u.factor, 10) + u.suffix
		}
	}
	return strconv.FormatInt(n, 10)
}
