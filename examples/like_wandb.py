import deardiary as wandb  # was: import wandb

wandb.init(
    project="my-awesome-project",
    name="simple-cnn",
    config={
        "learning_rate": 0.02,
        "architecture": "CNN",
        "dataset": "CIFAR-100",
        "epochs": 10,
        "optimizer": {"name": "adam", "beta": 0.9},
    },
    tags=["baseline"],
    notes="the first try",
)
config = wandb.config


def train_epoch(epoch):
    """Pretend to train: the loss falls as fast as the rate lets it."""
    loss = 1 / (1 + 50 * config.learning_rate * epoch)
    return loss, 1 - loss / 2


for epoch in range(config.epochs):
    loss, accuracy = train_epoch(epoch)
    wandb.log({"epoch": epoch, "train": {"loss": loss, "accuracy": accuracy}})

with open("model.txt", "w") as file:
    file.write(f"weights of a {config['architecture']}, trained with {config.optimizer.name}")
wandb.log_artifact("model.txt", name="model")

print(f"accuracy {wandb.summary['train/accuracy']:.2f} after {config.epochs} epochs")
wandb.finish()
