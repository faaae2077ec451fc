"""Facts about the shape of a network."""

from practicum.models.network import MAX_EMBEDDING_SIZE, Network


def test_layers_follow_each_other_from_inputs_to_outputs():
    """Each layer's fan-in is the fan-out of the one before."""
    network = Network(7, (5, 4), 3, "tanh", "multiclass")

    assert network.layer_sizes == ((7, 5), (5, 4), (4, 3))


def test_no_hidden_layer_is_a_linear_model():
    """Inputs meet outputs directly."""
    assert Network(7, (), 1, "tanh", "regression").layer_sizes == ((7, 1),)


def test_an_embedding_has_half_as_many_numbers_as_levels_up_to_a_limit():
    """Rounded up, never zero."""
    network = Network(2, (5,), 1, "tanh", "binary", num_levels=(1, 2, 7, 10_000))

    assert network.embedding_sizes == (1, 1, 4, MAX_EMBEDDING_SIZE)


def test_embeddings_widen_the_first_layer():
    """They come after the numeric inputs."""
    network = Network(2, (5,), 1, "tanh", "binary", num_levels=(2, 7))

    assert network.layer_sizes[0] == (2 + 1 + 4, 5)
