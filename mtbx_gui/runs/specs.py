"""What a training or generation run can be told: every field with its unit and where its default comes from.

"Paper" is Weber et al., arXiv 2402.13703, section 4 and its appendix; "ours" marks what it leaves open.
"""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MT_BENCH_TEMPERATURE = {
    "writing": 0.7,
    "roleplay": 0.7,
    "extraction": 0.0,
    "math": 0.0,
    "coding": 0.0,
    "reasoning": 0.0,
    "stem": 0.1,
    "humanities": 0.1,
}
"""FastChat's temperature per MT-Bench category."""


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    model_path: str = Field(description="Folder of the model to start from.", min_length=1)
    model_id: str = Field(description="Name of the model in the study.", min_length=1)
    template: Literal["own", "tokenizer", "auto"] = Field(
        "own",
        description="Chat template: ours, or the one stored with the tokenizer. Ours: the paper names none.",
    )
    pad_token: str | None = Field(
        None,
        description="Token of the vocabulary to pad with, if the model's own is missing or its end token.",
    )
    seed: int = Field(42, ge=0, description="Seed of dropout and sampling. Ours.")
    device: Literal["auto", "cuda", "cpu"] = Field("auto", description="GPU if there is one, or as told.")
    attention: str = Field("auto", description="Attention implementation of transformers; auto takes sdpa.")


class TrainConfig(_Config):
    """The recipe of one fine-tuning run."""

    mixture: str = Field("", description="What the training data is, as shown (EN, ENDEFRITES, sampled …).")
    epochs: int = Field(7, ge=1, description="Passes over the data. Paper: 7 Lima-X, 3 Bactrian-X.")
    learning_rate: float = Field(1e-5, gt=0, description="Highest learning rate. Paper.")
    min_lr_ratio: float = Field(0.0, ge=0, lt=1, description="Last learning rate / highest. Ours: 0.")
    warmup_steps: int = Field(0, ge=0, description="Optimizer steps of warm-up. Ours: 0.")
    batch_size: int = Field(64, ge=1, description="Conversations per optimizer step, exactly. Paper.")
    device_batch_size: int | None = Field(
        None, ge=1, description="Conversations per device and pass; must divide the batch. Empty: chosen."
    )
    adam_beta1: float = Field(0.9, gt=0, lt=1, description="Adam. Paper.")
    adam_beta2: float = Field(0.95, gt=0, lt=1, description="Adam. Paper.")
    weight_decay: float = Field(0.1, ge=0, description="Paper.")
    max_grad_norm: float = Field(1.0, gt=0, description="Gradients are clipped to this norm. Ours.")
    max_tokens: int | None = Field(
        None, ge=16, description="Longer conversations are cut at a whole turn. Ours: no limit."
    )
    padding_free: bool = Field(
        True,
        description="Conversations of a pass laid end to end instead of padded; the loss is the same. Ours.",
    )
    activation_checkpointing: bool = Field(
        False, description="Saves memory, costs a third of the speed. Ours."
    )
    keep: Literal["final", "best"] = Field(
        "final",
        description="Weights after the last epoch, or of the epoch with the lowest validation loss (which is "
        "not the same as a run of fewer epochs: the learning rate falls over all of them). Ours.",
    )
    checkpoint_minutes: float = Field(15.0, ge=0, description="Minutes between resumable checkpoints. Ours.")
    data_seed: int = Field(42, ge=0, description="Seed of the order of conversations. Ours.")

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.device_batch_size is not None and self.batch_size % self.device_batch_size:
            raise ValueError(
                f"device_batch_size {self.device_batch_size} does not divide batch_size {self.batch_size}, "
                "so a step would not be exactly one batch"
            )
        return self

    @classmethod
    def paper(cls, data: Literal["lima", "bactrian"], **fields: Any) -> Self:
        """The paper's recipe for Lima-X (7 epochs) or Bactrian-X (3); ``fields`` must name the model."""
        return cls(epochs={"lima": 7, "bactrian": 3}[data], **fields)


class GenerateConfig(_Config):
    """How a model answers the items of a study."""

    template: Literal["own", "tokenizer", "auto"] = Field(
        "auto", description="Chat template: the one stored with the tokenizer if there is one, else ours."
    )
    max_new_tokens: int = Field(1024, ge=1, description="Most tokens per turn. FastChat.")
    temperatures: dict[str, float] = Field(
        default_factory=lambda: dict(MT_BENCH_TEMPERATURE),
        description="Sampling temperature per category, 0 = greedy. FastChat.",
    )
    other_temperature: float = Field(0.7, ge=0, description="For categories not named. FastChat.")
    batch_size: int = Field(16, ge=1, description="Answers generated at once; halved when memory runs out.")
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="Weights: bfloat16 on a GPU, float32 on a CPU. Ours."
    )
    run_number: int = Field(1, ge=1, description="Another number gives other samples of the same model.")
