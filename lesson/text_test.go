package lesson

import (
	"testing"
)

// TestNews: what was said is not said again.
func TestNews(t *testing.T) {
	const said = " The docker CLI waits before it starts the container, so that an end cannot be missed."
	const text = "The head comes at once. docker run waits before it starts the container, so that no end is missed. 7 names."
	if got := news(text, said); got != "The head comes at once. 7 names." {
		t.Errorf("%q", got)
	}
	if got := news(text, ""); got != text {
		t.Errorf("%q", got)
	}
}
