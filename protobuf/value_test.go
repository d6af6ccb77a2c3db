package protobuf

import (
	"math"
	"testing"
)

// TestAppendFloat writes numbers in the fewest digits.
func TestAppendFloat(t *testing.T) {
	for want, x := range map[string]float64{
		"0": 0, "-0": math.Copysign(0, -1), "1.5": 1.5, "0.000001": 1e-6, "9e-07": 9e-7, "100000000000000000000": 1e20, "1e+21": 1e21, "-1e+21": -1e21,
		`"NaN"`: math.NaN(), `"Infinity"`: math.Inf(1), `"-Infinity"`: math.Inf(-1),
	} {
		if got := string(appendFloat(nil, x, 64)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := string(appendFloat(nil, float64(float32(0.1)), 32)); got != "0.1" {
		t.Error(got)
	}
}
