package wire

import "testing"

// TestFailed goes through what an exchange may end with.
func TestFailed(t *testing.T) {
	answered := func(status int) *Response { return &Response{Status: status} }
	for _, c := range []struct {
		x    Exchange
		want bool
	}{
		{Exchange{State: StateDone, Response: answered(200)}, false},
		{Exchange{State: StateDone, Response: answered(399)}, false},
		{Exchange{State: StateDone, Response: answered(400)}, true},
		{Exchange{State: StateOpen, Response: answered(500)}, true},
		{Exchange{State: StateAborted, Response: answered(500), Outcome: Outcome{Left: true}}, true},
		{Exchange{State: StateDone, Response: answered(200), Outcome: Outcome{Error: "denied"}}, true},
		{Exchange{State: StateAborted, Response: answered(200), Outcome: Outcome{Error: "denied", Left: true}}, true},
		{Exchange{State: StateAborted, Response: answered(200)}, true},
		{Exchange{State: StateAborted}, true},
		{Exchange{State: StateAborted, Response: answered(200), Outcome: Outcome{Left: true}}, false},
		{Exchange{State: StateDone}, true},
		{Exchange{State: StatePartial}, false},
		{Exchange{State: StatePartial, Response: answered(200)}, false},
		{Exchange{State: StateOpen}, false},
		{Exchange{State: StateOpen, Response: answered(200)}, false},
	} {
		if got := c.x.Failed(); got != c.want {
			t.Errorf("state %v, %+v, %+v: %v", c.x.State, c.x.Response, c.x.Outcome, got)
		}
	}
}
