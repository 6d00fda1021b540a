"""The strategies: every sample once an epoch, the same batches for the same seed, any update asked for alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.training import STRATEGIES, Batch, MiniBatch, Stochastic
from gdviz.training import sampling as sampling_module

samplings = st.one_of(
    st.just(Batch()),
    st.builds(Stochastic, shuffle=st.booleans()),
    st.builds(MiniBatch, size=st.integers(1, 50), shuffle=st.booleans()),
)
counts, seeds = st.integers(1, 40), st.integers(0, 2**63)


def epoch_of(sampling, epoch, samples, seed):
    """The indices that each batch of an epoch sees."""
    per_epoch, everything = sampling.per_epoch(samples), np.arange(samples)
    return [everything[sampling.batch(epoch * per_epoch + i, samples, seed)].tolist() for i in range(per_epoch)]


@given(samplings, counts, seeds)
def test_an_epoch_sees_every_sample_exactly_once(sampling, samples, seed):
    for epoch in range(3):
        seen = [index for batch in epoch_of(sampling, epoch, samples, seed) for index in batch]
        assert sorted(seen) == list(range(samples))
        if not sampling.shuffle:
            assert seen == list(range(samples))


@given(samplings, counts, seeds)
def test_batches_have_the_size_they_say(sampling, samples, seed):
    full = sampling.batch_size(samples)
    sizes = [len(batch) for batch in epoch_of(sampling, 1, samples, seed)]
    assert sizes[:-1] == [full] * (len(sizes) - 1)
    assert sizes[-1] == (samples % full or full)
    per_epoch = sampling.per_epoch(samples)
    assert sizes == [sampling.size_at(per_epoch + i, samples) for i in range(per_epoch)]


@given(samplings, counts, seeds)
def test_any_update_can_be_asked_for_alone(sampling, samples, seed):
    """Also after the remembered orders are forgotten, and backwards."""
    forwards = [epoch_of(sampling, epoch, samples, seed) for epoch in range(6)]
    sampling_module._orders.cache_clear()
    assert [epoch_of(sampling, epoch, samples, seed) for epoch in reversed(range(6))][::-1] == forwards


def test_epochs_and_seeds_differ():
    sampling = MiniBatch(8, shuffle=True)
    orders = [str(epoch_of(sampling, epoch, 40, seed)) for epoch in range(5) for seed in range(5)]
    assert len(set(orders)) == 25


def test_shuffling_favours_no_place():
    """Over 2,000 epochs each sample comes first about equally often (5 standard deviations)."""
    first = np.array([Stochastic(shuffle=True).batch(epoch * 10, 10, 7)[0] for epoch in range(2000)])
    assert (abs(np.bincount(first, minlength=10) - 200) < 5 * np.sqrt(2000 * 0.09)).all()


def test_a_remembered_order_cannot_be_spoilt():
    with pytest.raises(ValueError, match="read-only"):
        Stochastic(shuffle=True).order(0, 5, 0)[0] = 1


def test_runs_of_a_race_see_the_same_batches():
    neuron = gdviz.SigmoidNeuron(*np.random.default_rng(0).uniform(size=(2, 30)))
    race = gdviz.lecture_race(neuron, sampling=MiniBatch(7, shuffle=True), seed=5, updates=20)
    first, *others = ([step.batch.tolist() for step in gdviz.steps(run)] for run in race.runs)
    assert all(other == first for other in others)


@pytest.mark.parametrize("size", [0, -1, 1.5, "many", None, True])
def test_sizes_are_checked(size):
    with pytest.raises(ValueError, match=r"^minibatch: size must be a whole number >= 1, not "):
        MiniBatch(size)


def test_one_sample_and_large_batches():
    assert MiniBatch(10**9).per_epoch(5) == 1
    assert [cls().per_epoch(1) for cls in STRATEGIES] == [1, 1, 1]
