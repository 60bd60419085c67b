import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split

df = pd.read_csv("sales.csv", parse_dates=["date"])
df = df.sort_values(["store_id", "date"])
df["lag_1"] = df.groupby("store_id")["sales"].shift(1)
df["mean_7"] = df.groupby("store_id")["sales"].shift(1).rolling(7).mean()
df["trend"] = df["sales"].rolling(7, center=True).mean()
df["next_price"] = df["price"].shift(-1)
df = df.dropna()
X = df[["lag_1", "mean_7", "trend", "next_price", "promo"]]
y = df["sales"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
model = RandomForestRegressor(random_state=0)
model.fit(X_train, y_train)
print(mean_absolute_error(y_test, model.predict(X_test)))
